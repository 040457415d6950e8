; Inno Setup: one installer for Windows from the folder that PyInstaller made.
;   iscc /DVersion=0.1.0 /DFolder=dist\revisage /DOutput=dist packaging\windows\revisage.iss
; scripts\build_installer.py calls it where Inno Setup is installed.
#ifndef Version
  #error Give /DVersion=
#endif
#ifndef Folder
  #error Give /DFolder=
#endif
#ifndef Output
  #define Output "."
#endif

[Setup]
AppId={{6C9B8C0B-8E2F-4E0C-9C60-6F0C7F5D7A11}
AppName=Revisage
AppVersion={#Version}
AppPublisher=The Revisage authors
DefaultDirName={autopf}\Revisage
DefaultGroupName=Revisage
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile={#Folder}\licences\GPL-3.0.txt
OutputDir={#Output}
OutputBaseFilename=revisage-{#Version}-windows
UninstallDisplayIcon={app}\revisage.exe
ChangesAssociations=yes
WizardStyle=modern
Compression=lzma2
SolidCompression=yes

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\Revisage"; Filename: "{app}\revisage.exe"

[Registry]
Root: HKA; Subkey: "Software\Classes\.rvcase"; ValueType: string; ValueData: "Revisage.Case"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.rvcase"; ValueType: string; ValueName: "Content Type"; ValueData: "application/vnd.revisage.case"
Root: HKA; Subkey: "Software\Classes\Revisage.Case"; ValueType: string; ValueData: "Revisage case"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Revisage.Case\DefaultIcon"; ValueType: string; ValueData: "{app}\revisage.exe,0"
Root: HKA; Subkey: "Software\Classes\Revisage.Case\shell\open\command"; ValueType: string; ValueData: """{app}\revisage.exe"" ""%1"""
